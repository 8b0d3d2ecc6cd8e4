/// What the service proxy tells of itself: its health, its metrics, and to load balancers whether
/// this node has endpoints.
package dev.tiphys.network.health;
