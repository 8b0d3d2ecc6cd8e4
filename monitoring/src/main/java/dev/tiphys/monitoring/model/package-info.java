/// The kinds of this module.
package dev.tiphys.monitoring.model;
