/// What a Rollout lets analyses decide: which AnalysisRuns there are for an update, and what
/// follows from how they end.
package dev.tiphys.delivery.analysis;
