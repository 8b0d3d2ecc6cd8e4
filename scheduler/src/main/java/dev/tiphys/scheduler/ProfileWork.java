package dev.tiphys.scheduler;

import dev.tiphys.scheduler.evaluation.Evaluations;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.reports.Reports;

/// What is needed to schedule the Pods of one profile.
record ProfileWork(Profile profile, Evaluations evaluations, Reports reports) {}
