/// Nodes are told how long they may keep what they read of Secrets and ConfigMaps.
package dev.tiphys.controllers.nodettl;
