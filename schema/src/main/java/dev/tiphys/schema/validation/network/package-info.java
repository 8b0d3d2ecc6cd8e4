/// Rules for Services, what is behind them, and ways into the cluster.
package dev.tiphys.schema.validation.network;
