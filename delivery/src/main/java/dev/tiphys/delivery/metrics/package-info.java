/// What is told of Rollouts, analyses and Experiments, under Argo's names.
package dev.tiphys.delivery.metrics;
