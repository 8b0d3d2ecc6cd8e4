/// Which families there are, and what an object adds to each.
package dev.tiphys.monitoring.state.families;
