/// What all plugins think of all nodes, kept from one Pod to the next.
package dev.tiphys.scheduler.evaluation;
