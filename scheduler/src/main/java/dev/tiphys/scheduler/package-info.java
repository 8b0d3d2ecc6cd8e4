/// Which node a Pod runs on.
package dev.tiphys.scheduler;
