"""Search for a better way to grow trees on the rolling folds, and nowhere else."""

from collections.abc import Sequence

from features.terminal import Tell
from training.config import TrainingConfig
from training.fit import Rehearsal, try_trees


def tune(
    rehearsals: Sequence[Rehearsal],
    config: TrainingConfig,
    trials: int,
    *,
    threads: int = 1,
    tell: Tell = lambda said: None,
) -> TrainingConfig:
    """The configuration that loses least over the rolling folds, of the given one and ``trials`` others.

    Seeded, one after the other: the same history gives the same answer.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)

    def loss(trial: optuna.Trial) -> float:
        tell(f"trying way {trial.number + 1} of {trials} to grow trees")
        tried = config.changed(
            learning_rate=trial.suggest_float("learning_rate", 0.01, 0.1, log=True),
            depth=(trial.suggest_int("depth", 2, 7),),
            leaves=trial.suggest_int("leaves", 4, 64, log=True),
            min_cases_in_leaf=trial.suggest_int("min_cases_in_leaf", 20, 500, log=True),
            l2=trial.suggest_float("l2", 0.1, 100.0, log=True),
            feature_share=trial.suggest_float("feature_share", 0.2, 1.0),
            case_share=trial.suggest_float("case_share", 0.5, 1.0),
            category_smoothing=trial.suggest_float("category_smoothing", 5.0, 200.0, log=True),
        )
        return try_trees(rehearsals, tried, threads=threads).loss

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=config.seed))
    study.optimize(loss, n_trials=trials)
    given = try_trees(rehearsals, config, threads=threads).loss
    if study.best_value >= given:
        return config
    best = study.best_params
    return config.changed(**best | {"depth": (best["depth"],)})
