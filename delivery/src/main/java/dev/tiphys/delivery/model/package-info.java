/// The objects that a Rollout's controller works with, with names and types.
package dev.tiphys.delivery.model;
