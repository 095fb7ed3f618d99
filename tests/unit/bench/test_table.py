"""How a line is told."""

from bench.figures import Figure, missing, over_floor
from bench.table import cells, markdown_of_cpu, markdown_table


def test_a_ratio_is_told_beside_its_times_and_its_target() -> None:
    told = cells(over_floor("storm", "all Recycled", 500, 6.0, 4.0, 1.2, note="floor with 8 in flight"))
    assert told == ["storm", "all Recycled (floor with 8 in flight)", "500", "6 s", "4 s", "1.50x", "<= 1.20x", "no"]


def test_a_count_has_no_times() -> None:
    assert cells(Figure("counts", "recycle", 4, 2.0, "writes", 2)) == ["counts", "recycle", "4", "-", "-", "2 writes", "<= 2 writes", "yes"]


def test_a_floor_that_is_no_time_has_the_unit_of_the_figure() -> None:
    assert cells(Figure("counts", "renew", 4, 7.0, "writes", 6, floor=6))[4] == "6 writes"


def test_a_fault_takes_the_place_of_what_was_to_be_measured() -> None:
    assert cells(missing("idle", 500, "NeverCame: no rest")) == ["idle", "NeverCame: no rest", "500", "-", "-", "-", "-", "-"]


def test_the_table_of_the_readme_has_a_line_for_each_figure() -> None:
    lines = markdown_table([Figure("lateness", "p50", 400, 38.25, "ms", 50.0)]).splitlines()
    assert lines[2] == "| lateness | p50 | 400 | - | - | 38.25 ms | <= 50 ms | yes |"


def test_processor_time_is_told_part_by_part_beside_the_floor_s() -> None:
    storm = Figure("storm", "all Recycled", 500, cpu={"etcd": 1.5, "operator": 4.25}, floor_cpu={"etcd": 1.25})
    lines = markdown_of_cpu([storm, Figure("counts", "recycle", 4, 2.0, "writes")]).splitlines()
    assert lines == [
        "| ms of processor time an instance | storm | storm's floor |",
        "| --- | ---: | ---: |",
        "| etcd | 1.5 | 1.2 |",
        "| operator | 4.2 | - |",
        "| together | 5.8 | 1.2 |",
    ]


def test_where_no_processor_time_was_measured_there_is_no_table() -> None:
    assert markdown_of_cpu([Figure("counts", "recycle", 4, 2.0, "writes")]) == ""
