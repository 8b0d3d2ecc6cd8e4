/// Rules for nodes, namespaces, limits, events, and how requests are treated.
package dev.tiphys.schema.validation.cluster;
