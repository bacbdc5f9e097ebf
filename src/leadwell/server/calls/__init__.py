"""How is somebody called, what is asked, and how did it end? Each try is in consent's log. (promises D22, D23)"""
