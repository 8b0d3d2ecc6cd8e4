/// The Services of Rollouts: which revision each selects.
package dev.tiphys.delivery.services;
