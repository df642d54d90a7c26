"""The query cache under load: what each way of clearing costs, and what it lets through."""
