/*
 * password.h - changing one's password, or another's as root: what pam_sm_chauthtok() is made of.
 */
#ifndef HEXA_PAM_HEXA_PASSWORD_H
#define HEXA_PAM_HEXA_PASSWORD_H

#include "pam_hexa/call.h"

/*
 * PAM calls twice.  First (PAM_PRELIM_CHECK): is the user Hexa's, and is their password the old
 * one? It is asked for when the caller's real uid is not root's or PAM_CHANGE_EXPIRED_AUTHTOK is
 * set, unless this PAM handle has just verified it.  PAM_USER_UNKNOWN, PAM_AUTH_ERR: no.
 */
int password_check_old(struct call *call);

/*
 * Then (PAM_UPDATE_AUTHTOK): asks for the new one and sets it.  One that is refused is told why,
 * and asked for again up to three times; PAM_AUTHTOK_ERR: nothing has changed.
 */
int password_set_new(struct call *call);

#endif
