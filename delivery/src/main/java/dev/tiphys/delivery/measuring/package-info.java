/// AnalysisRuns: what they measure, how often, and what their measurements come to.
package dev.tiphys.delivery.measuring;
