"""Backups: everything that cannot be made again, in another place, and the way back from it.

`repository` keeps contents by their hash and lists of what was where, encrypted when a key is set. `take` fills it from
an installation, `restore` makes an installation from it, and `restoring` tells others that this is not done yet. The
warehouse is not kept: a run makes it again from the lake.
"""
