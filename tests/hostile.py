"""What somebody may type who wants more than a learner may have, and what of the server must then be as before."""

from __future__ import annotations

from typing import Any

COMMANDS = r"""
FLUSHALL
FLUSHDB
FLUSHDB ASYNC
flushall sync
SWAPDB 9 0
SELECT 0
SELECT 1
MOVE lab:mine 0
COPY lab:mine lab:stolen DB 0
GET loopscope:secret
SET loopscope:secret mine
DEL loopscope:secret
RENAME lab:mine loopscope:secret
COPY lab:mine loopscope:secret
MGET lab:mine loopscope:secret
SUNIONSTORE loopscope:secret lab:mine
EXPIRE loopscope:secret 1
TOUCH loopscope:secret
OBJECT ENCODING loopscope:secret
MEMORY USAGE loopscope:secret
MEMORY PURGE
MEMORY DOCTOR
KEYS *
SORT lab:list
SORT lab:list BY nosort GET loopscope:*
SORT_RO lab:list
CONFIG GET *
CONFIG SET maxmemory 1
CONFIG RESETSTAT
CONFIG REWRITE
ACL LIST
ACL WHOAMI
ACL SETUSER learner +@all
ACL GETUSER app
ACL DELUSER app
ACL LOAD
DEBUG SLEEP 0
DEBUG OBJECT lab:mine
SHUTDOWN NOSAVE
SAVE
BGSAVE
BGREWRITEAOF
LASTSAVE
REPLICAOF NO ONE
FAILOVER
SYNC
PSYNC ? -1
MONITOR
CLIENT LIST
CLIENT KILL TYPE normal
CLIENT PAUSE 1
CLIENT REPLY OFF
CLIENT TRACKING ON
CLIENT NO-EVICT ON
CLIENT UNBLOCK 1
EVAL "return redis.call('FLUSHALL')" 0
EVAL "return 1" 0
EVAL_RO "return 1" 0
EVALSHA abc 0
SCRIPT FLUSH
SCRIPT LOAD "return 1"
FUNCTION FLUSH
FUNCTION LOAD "#!lua name=x\nserver.register_function('f', function() return 1 end)"
FCALL f 0
MODULE LIST
MODULE LOAD /tmp/evil.so
CLUSTER RESET
LATENCY RESET
SLOWLOG RESET
COMMANDLOG RESET slow
BLPOP lab:none 0
BRPOP lab:none 0
BLMOVE lab:none lab:other LEFT LEFT 0
BZPOPMIN lab:none 0
XREAD BLOCK 0 STREAMS lab:none $
WAIT 1 0
WAITAOF 0 0 0
SUBSCRIBE anything
PSUBSCRIBE *
PUBLISH anything news
MIGRATE 127.0.0.1 6379 lab:mine 0 1000
RESTORE lab:mine 0 x
AUTH app wrong
AUTH default ""
AUTH ""
HELLO 3 AUTH app wrong
HELLO 2 AUTH default x
""".strip().splitlines()


def app_state(app: Any, redis: Any) -> tuple[Any, ...]:
    """What a learner must not change: the app's keys, the users, the configuration."""
    config = dict(app.config_get("*"))
    return redis.get("loopscope:secret"), redis.dbsize(), sorted(app.acl_list()), config
