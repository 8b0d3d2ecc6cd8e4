/// Experiments: versions that run beside each other for a while, and what is measured of them.
package dev.tiphys.delivery.experiment;
