/// How many Pods may be disrupted at a time: the status of PodDisruptionBudgets.
package dev.tiphys.controllers.disruption;
