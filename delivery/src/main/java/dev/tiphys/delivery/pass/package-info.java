/// What one look at one Rollout works with, whatever its strategy.
package dev.tiphys.delivery.pass;
