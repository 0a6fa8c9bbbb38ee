from otter.test_files import test_case

OK_FORMAT = False

name = "q10_2"
points = 6

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_2', 'licence')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_2', 'units')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_2', 'level of theory')

@test_case(points=2, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_2', 'what nobody says')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_2', 'size')

