/// The ranges that Services get their addresses from.
package dev.tiphys.controllers.servicecidrs;
