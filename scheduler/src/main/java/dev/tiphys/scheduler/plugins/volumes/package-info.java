/// Where a Pod's volumes let it run, and volumes for the claims that wait for a Pod.
package dev.tiphys.scheduler.plugins.volumes;
