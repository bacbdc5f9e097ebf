"""What is wrong, whom it concerns and what to do: said once, until somebody has dealt with it. (promises A2, F33)"""
