"""How the seconds of a night are shared out over its jobs."""

STOP_S = 10  # what ending a job at its limit may take; each job's share has it


def chosen(jobs, seconds, needs):
    """(jobs that fit, name -> why one does not). What must run comes before what may."""
    left, taken, skipped = seconds, set(), {}
    for job in sorted(jobs, key=lambda job: not job.must):  # a stable sort: the table's order
        need = needs[job.name]
        if need <= left:
            taken.add(job.name)
            left -= need
        else:
            skipped[job.name] = (f"needs {need:.0f} s, and {max(left, 0):.0f} s of "
                                 f"{seconds:.0f} s are left for it")
    return [job for job in jobs if job.name in taken], skipped


def shares(jobs, seconds, needs):
    """Job's name -> seconds that are its own. What is over the least goes by weight, and what one
    cannot use to the others."""
    given = {job.name: needs[job.name] for job in jobs}
    left = seconds - sum(given.values())
    open_jobs = [job for job in jobs if job.weight]
    while left > 1 and open_jobs:
        weights = sum(job.weight for job in open_jobs)
        more = {job.name: min(left * job.weight / weights,
                              max(0, job.most + STOP_S - given[job.name])) for job in open_jobs}
        if sum(more.values()) < 1:
            break
        for name, part in more.items():
            given[name] += part
        left -= sum(more.values())
        open_jobs = [job for job in open_jobs if given[job.name] < job.most + STOP_S]
    return {name: int(part) for name, part in given.items()}


def limit(job, rest, seconds, needs):
    """Seconds after which a job is ended: all that is left but for what the rest needs."""
    return int(min(job.most, seconds - sum(needs[one.name] for one in rest) - STOP_S))
