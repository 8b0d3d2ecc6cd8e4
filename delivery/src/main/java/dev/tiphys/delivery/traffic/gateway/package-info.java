/// Traffic shared out by routes of Gateway API.
package dev.tiphys.delivery.traffic.gateway;
