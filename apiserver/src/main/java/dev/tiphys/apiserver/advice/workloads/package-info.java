/// Advice about workloads, and about what belongs to them: Services of StatefulSets, budgets,
/// autoscalers.
package dev.tiphys.apiserver.advice.workloads;
