"""How long originals and rows are kept, and where: at hand, in the archive, held, gone. Erasure of a person has a
package of its own.
"""
