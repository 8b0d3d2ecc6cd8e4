/// What containers and nodes use, as the agents of nodes tell it.
package dev.tiphys.monitoring.usage;
