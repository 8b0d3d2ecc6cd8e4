/// What the parts count, and how it is told.
package dev.tiphys.network.metrics;
