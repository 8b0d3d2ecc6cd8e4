/// What sandboxes and containers are made from.
package dev.tiphys.node.runtime.spec;
