# The course in a container: docker build -t mlp-course . && docker run --init --rm -p 8888:8888 mlp-course
# CPU build of torch, one thread, a user without rights. docs/homes.md says how to keep your work.
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 1000 learner
USER learner
RUN mkdir /home/learner/mlp-course
WORKDIR /home/learner/mlp-course
COPY --chown=learner:learner . .

ENV OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PIP_NO_CACHE_DIR=1
RUN make setup TORCH=cpu

EXPOSE 8888
CMD ["make", "lab", "LAB_ARGS=--no-browser --ip=0.0.0.0 --port=8888"]
