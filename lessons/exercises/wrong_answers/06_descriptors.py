# Typical wrong answers of book 06: what each loses, and words of the hint that is meant for it.


# %% q06_1: rises again beyond the cutoff
# loses: fades to zero, has the right values
# hint: a cosine rises again
def my_cutoff(d, cutoff):
    return 0.5 * (torch.cos(torch.pi * d / cutoff) + 1)


# %% q06_1: cut off sharply
# loses: ends without a kink, has the right values
# hint: forces would jump
def my_cutoff(d, cutoff):
    return torch.where(d < cutoff, 1 - d / cutoff, torch.zeros_like(d))
