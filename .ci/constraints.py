"""Print the versions installed here as constraints.txt; `make constraints` calls it."""

from importlib import metadata

HEADER = """\
# Exactly what was resolved and tested together: the course and its extra `test`,
# Python 3.11, Linux, CPU. Made by `make constraints`; not edited by hand.
# torch stands without a build label, so that CPU and CUDA builds both satisfy it."""

# Asked for on other systems only; looked up by hand.
ELSEWHERE = """\
appnope==0.1.4; sys_platform == "darwin"
colorama==0.4.6; sys_platform == "win32"
pywinpty==3.1.2; sys_platform == "win32\""""

NOT_PINNED = {"mlp-course", "pip"}


def main() -> None:
    """Print one line for each installed package, in alphabetical order."""
    found = {dist.name: dist.version.partition("+")[0] for dist in metadata.distributions()}
    print(HEADER)
    for name in sorted(found.keys() - NOT_PINNED, key=str.lower):
        print(f"{name}=={found[name]}")
    print(ELSEWHERE)


if __name__ == "__main__":
    main()
