from otter.test_files import test_case

OK_FORMAT = False

name = "q06_5"
points = 6

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'row: symmetry functions')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'row: SOAP')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'row: GNN')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'row: equivariant GNN')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'lengths')

@test_case(points=1, hidden=False)
def test_6(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_5', 'advice')

