/// Labels and annotations that Pods have for the part that their revision plays.
package dev.tiphys.delivery.metadata;
