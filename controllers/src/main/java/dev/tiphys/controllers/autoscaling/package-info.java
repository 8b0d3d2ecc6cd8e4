/// HorizontalPodAutoscalers: workloads get as many Pods as what they use asks for.
///
/// Every 15 seconds each autoscaler's metrics are read, each metric proposes a size
/// ([MetricSource]), and the largest is taken, as far as the rules on the speed of changes
/// ([Sizing]) allow.
package dev.tiphys.controllers.autoscaling;
