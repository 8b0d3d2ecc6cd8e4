/// What ends Pods for the sake of others: those that take more of the disk than they may, and, when
/// memory or disk of the node are short, those that take most of it beyond what they asked for.
package dev.tiphys.node.eviction;
