/// The objects that every cluster has from its start.
package dev.tiphys.apiserver.bootstrap;
