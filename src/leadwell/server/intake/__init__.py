"""Leads come in: durable before they are acknowledged, never lost, never twice. (promises A1, A2)"""
