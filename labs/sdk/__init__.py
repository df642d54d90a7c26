"""What a lab is made of. Modules are imported by name, so that a measured program loads only the emitter.

lab        the declaration: Lab, Runtime, Step, Chart, Prediction
params     its parameters: one pydantic model
events     the vocabulary: one JSON object a line
emitter    how a program reports (emitter.mjs for Node)
conductor  runs the programs of a lab, merges their events
recording  a run as data
judge      from numbers to careful words
"""
