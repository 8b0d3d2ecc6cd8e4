/// Rollouts that use the template of another workload.
package dev.tiphys.delivery.workload;
