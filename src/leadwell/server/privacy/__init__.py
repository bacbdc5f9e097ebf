"""Sealing what names or describes a person, the trail of views and changes, retention, export and erasure. (F33)"""
