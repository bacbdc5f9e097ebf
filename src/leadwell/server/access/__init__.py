"""Organisations, the people who work there, their roles, sign-in, and keys for programs. (promise F32)"""
