/// The loop that looks at Rollouts, and one look at one of them.
package dev.tiphys.delivery.controller;
