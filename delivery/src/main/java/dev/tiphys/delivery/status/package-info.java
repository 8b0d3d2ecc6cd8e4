/// What a Rollout's status says: counts, conditions, and the phase with its message.
package dev.tiphys.delivery.status;
