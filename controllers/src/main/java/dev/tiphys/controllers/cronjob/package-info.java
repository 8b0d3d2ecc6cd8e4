/// Jobs that are made when a schedule says so.
package dev.tiphys.controllers.cronjob;
