"""Who is free when, in hours per skill: arithmetic of intervals, without Odoo.

Moments are datetimes of one kind, all naive or all aware.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import combinations

HOUR = timedelta(hours=1)
# The skill of who can do whatever is asked for
EVERYTHING = "*"


def cut_pieces(intervals, start, hours):
    """Return the working pieces that an amount of work fills from a start on.

    Work runs over lunch and closing time: each working interval gives a piece.

    :param intervals: sorted (start, stop) of working time
    :return: list of (start, stop); empty when the intervals do not hold the work
    """
    left = hours * HOUR
    pieces = []
    for opening, closing in intervals:
        begin = max(opening, start)
        if begin >= closing:
            continue
        end = min(closing, begin + left)
        pieces.append((begin, end))
        left -= end - begin
        if left <= timedelta():
            return pieces
    return []


def get_overlap(pieces, start, stop):
    """Return the hours of the pieces that lie between two moments."""
    total = timedelta()
    for begin, end in pieces:
        total += max(timedelta(), min(end, stop) - max(begin, start))
    return total / HOUR


class Capacity:
    """People with skills, the work that is laid on them, and what is left.

    Work asks for one skill, or for none in particular. Whoever has several skills is
    counted once: for each set of skills asked for together, no more work fits than
    there are people with any of them (Hall's condition).
    """

    def __init__(self, workers, places=0):
        """Start without any work.

        :param workers: list of (skills, sorted intervals of presence)
        :param places: how many cars fit in at a time; 0 for any number
        """
        self.workers = [(frozenset(skills), times) for skills, times in workers]
        self.places = places
        self.demands = []
        self._built = False

    def add(self, pieces, skill=None, car=None):
        """Lay work on the people; pieces of one car take one place at a time."""
        for start, stop in pieces:
            self.demands.append((start, stop, skill, car))
        self._built = False

    # === SEGMENTS: between two points nothing changes === #

    def _build(self):
        events = defaultdict(list)
        for skills, times in self.workers:
            for start, stop in times:
                events[start].append(("workers", skills, 1))
                events[stop].append(("workers", skills, -1))
        for index, (start, stop, skill, car) in enumerate(self.demands):
            events[start].append(("demands", skill, 1))
            events[stop].append(("demands", skill, -1))
            place = index if car is None else car
            events[start].append(("cars", place, 1))
            events[stop].append(("cars", place, -1))
        self.points = sorted(events)
        self.states = []
        running = {"workers": Counter(), "demands": Counter(), "cars": Counter()}
        for point in self.points:
            for kind, key, step in events[point]:
                running[kind][key] += step
            self.states.append({kind: +count for kind, count in running.items()})
        self._free = {}
        self._built = True

    def _get_segments(self, start, stop):
        """Yield (index, start, stop) of the segments between two moments."""
        if not self._built:
            self._build()
        index = max(bisect_right(self.points, start) - 1, 0)
        last = bisect_left(self.points, stop)
        for position in range(index, min(last, len(self.points) - 1)):
            begin = max(start, self.points[position])
            end = min(stop, self.points[position + 1])
            if begin < end:
                yield position, begin, end

    def _get_free(self, position, skill):
        """Return how many more people with a skill are free in a segment."""
        key = (position, skill)
        if key not in self._free:
            state = self.states[position]
            self._free[key] = self._count_free(
                state["workers"], state["demands"], skill
            )
            if self.places:
                room = self.places - len(state["cars"])
                self._free[key] = min(self._free[key], room)
        return self._free[key]

    def _count_free(self, workers, demands, skill):
        free = workers.total() - demands.total()
        if skill is None:
            return free
        others = [other for other in demands if other not in (None, skill)]
        for size in range(len(others) + 1):
            for chosen in combinations(others, size):
                asked = {skill, EVERYTHING, *chosen}
                able = sum(n for have, n in workers.items() if have & asked)
                free = min(free, able - sum(demands[one] for one in asked))
        return free

    # === ANSWERS === #

    def get_least_free(self, pieces, skill=None):
        """Return how many people are free all along the pieces; below zero: missing.

        Outside everybody's working time nobody is free.
        """
        least = None
        for start, stop in pieces:
            covered = timedelta()
            for position, begin, end in self._get_segments(start, stop):
                free = self._get_free(position, skill)
                least = free if least is None else min(least, free)
                covered += end - begin
            if covered < stop - start:
                least = min(least or 0, 0)
        return least or 0

    def is_free(self, pieces, skill=None):
        """Tell whether somebody with the skill is free all along the pieces."""
        return bool(pieces) and self.get_least_free(pieces, skill) >= 1

    def get_free_hours(self, start, stop, skill=None):
        """Return the hours of work that still fit in between two moments."""
        return sum(
            max(0, self._get_free(position, skill)) * ((end - begin) / HOUR)
            for position, begin, end in self._get_segments(start, stop)
        )

    def get_working_hours(self, start, stop):
        """Return the hours that people are there, busy or not."""
        return sum(get_overlap(times, start, stop) for _skills, times in self.workers)

    def get_booked_hours(self, start, stop):
        """Return the hours of work laid on the people."""
        return get_overlap([demand[:2] for demand in self.demands], start, stop)

    def find_moment(self, start, hours, skill=None, pace=None):
        """Return when an amount of work is done at the earliest, begun at a moment.

        :param pace: how many people work on it together at most; all who are free by
            default
        :return: a moment, or None when the known time does not hold the work
        """
        if hours <= 0:
            return start
        if not self._built:
            self._build()
        if not self.points:
            return None
        left = hours
        for position, begin, end in self._get_segments(start, self.points[-1]):
            people = max(0, self._get_free(position, skill))
            people = min(people, pace) if pace else people
            done = people * ((end - begin) / HOUR)
            if people and done >= left - 1e-9:
                return begin + (left / people) * HOUR
            left -= done
        return None
