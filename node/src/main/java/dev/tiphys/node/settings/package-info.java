/// What the node agent is told about its node: [dev.tiphys.node.settings.NodeSettings], and where
/// it keeps its files.
package dev.tiphys.node.settings;
