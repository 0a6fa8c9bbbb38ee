from otter.test_files import test_case

OK_FORMAT = False

name = "q11_4"
points = 6

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_4', 'A')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_4', 'B')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_4', 'C')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_4', 'D')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_4', 'E')

