/// Programs that share traffic out between canary and stable.
package dev.tiphys.delivery.traffic;
