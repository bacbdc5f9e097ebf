"""The JSON API: documented, one error shape. (promise F35)"""
