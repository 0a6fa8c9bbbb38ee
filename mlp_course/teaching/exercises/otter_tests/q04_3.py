from otter.test_files import test_case

OK_FORMAT = False

name = "q04_3"
points = 5

@test_case(points=3, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q04_3', 'tools')

@test_case(points=2, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q04_3', 'phases')

