"""The policy for routes that came with Wagtail and allauth. Exact names, no prefixes: a route in none of these tables must be closed to
everybody, also one that a later version brings (``test_third_party.py`` asks each of them as every identity).

A trainer opens the screens for writing and nothing else of the editor. What she would find in the others:

- reports (``wagtailadmin_reports``): the history of the whole site with the names of those who acted, pages of every shelf, all reviews;
- ``wagtailadmin_pages:type_use``: pages of every shelf by type;
- choosers of certificate designs, types and issuers: not hers to choose;
- collections, workflows, sites, users, groups, settings: kept by the house (shelves follow the grants);
- the API of images and documents: files of every shelf, whatever the collection;
- ``wagtailimages:url_generator``, ``wagtailembeds``, ``wagtaildocs_authenticate_with_password``: parts of Wagtail that we do not use.
"""

from __future__ import annotations

from tests.permissions.identities import EVERYBODY, NOBODY, SIGNED_IN

#: The sign-in pages of allauth, and the addresses that lead to ours instead of Wagtail's: (who gets in with GET, with POST).
DOORS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "account_login": (EVERYBODY, EVERYBODY),
    "account_logout": (EVERYBODY, EVERYBODY),
    "account_inactive": (EVERYBODY, NOBODY),
    "account_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "account_change_password": (SIGNED_IN, SIGNED_IN),
    # routes of allauth that we do not offer, led elsewhere
    "account_signup": (EVERYBODY, EVERYBODY),
    "account_reset_password": (EVERYBODY, EVERYBODY),
    "account_reset_password_done": (EVERYBODY, EVERYBODY),
    "account_set_password": (EVERYBODY, EVERYBODY),
    "account_email": (EVERYBODY, EVERYBODY),
    "account_email_verification_sent": (EVERYBODY, EVERYBODY),
    "account_confirm_login_code": (EVERYBODY, EVERYBODY),
    # the second step, each person her own; nobody of the cast has set one up
    "mfa_index": (SIGNED_IN, NOBODY),
    "mfa_authenticate": (EVERYBODY, EVERYBODY),
    "mfa_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "mfa_activate_totp": (SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": (NOBODY, NOBODY),
    "mfa_view_recovery_codes": (NOBODY, NOBODY),
    "mfa_generate_recovery_codes": (SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": (NOBODY, NOBODY),
    "mfa_list_webauthn": (SIGNED_IN, NOBODY),
    "mfa_add_webauthn": (SIGNED_IN, SIGNED_IN),
    "mfa_reauthenticate_webauthn": (SIGNED_IN, SIGNED_IN),
    "mfa_remove_webauthn": (SIGNED_IN, SIGNED_IN),  # asks for a fresh proof first
    "mfa_edit_webauthn": (SIGNED_IN, SIGNED_IN),
    "mfa_login_webauthn": (EVERYBODY, EVERYBODY),
    "editor_login": (EVERYBODY, EVERYBODY),
    "editor_password_reset": (EVERYBODY, EVERYBODY),
    "editor_logout": (EVERYBODY, EVERYBODY),
    "editor_account": (SIGNED_IN, SIGNED_IN),
    # the addresses under those doors: what is asked for never reaches Wagtail
    "wagtailadmin_login": (EVERYBODY, EVERYBODY),
    "wagtailadmin_logout": (EVERYBODY, EVERYBODY),
    "wagtailadmin_account": (SIGNED_IN, SIGNED_IN),
    "wagtailadmin_password_reset": (EVERYBODY, EVERYBODY),
    "wagtailadmin_password_reset_done": (EVERYBODY, EVERYBODY),
    "wagtailadmin_password_reset_confirm": (EVERYBODY, EVERYBODY),
    "wagtailadmin_password_reset_complete": (EVERYBODY, EVERYBODY),
}

#: Screens of the editor that a trainer opens with her own pages, images and documents, and nobody else at all.
READING = frozenset(
    """
    wagtailadmin_home wagtailadmin_explore_root wagtailadmin_explore wagtailadmin_explore_results
    wagtailadmin_choose_page wagtailadmin_choose_page_child wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple
    wagtailadmin_javascript_catalog wagtailadmin_dismissibles
    wagtailadmin_api:pages:listing wagtailadmin_api:pages:detail
    wagtailadmin_pages:usage wagtailadmin_pages:search wagtailadmin_pages:search_results
    wagtailadmin_pages:workflow_preview wagtailadmin_pages:revisions_view wagtailadmin_pages:revisions_compare
    wagtailadmin_pages:workflow_history wagtailadmin_pages:workflow_history_detail wagtailadmin_pages:history
    wagtailadmin_pages:history_results
    wagtaildocs:index wagtaildocs:index_results wagtaildocs:document_usage
    wagtaildocs_chooser:choose wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen wagtaildocs_chooser:chosen_multiple
    wagtailimages:index wagtailimages:index_results wagtailimages:image_usage
    wagtailimages_chooser:choose wagtailimages_chooser:choose_results wagtailimages_chooser:chosen wagtailimages_chooser:chosen_multiple
    """.split()
)
BOTH = frozenset(
    """
    wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link
    wagtailadmin_choose_page_anchor_link wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete
    wagtailadmin_sprite wagtaildocs_serve
    wagtailadmin_pages:add wagtailadmin_pages:preview_on_add wagtailadmin_pages:choose_parent wagtailadmin_pages:edit
    wagtailadmin_pages:preview_on_edit wagtailadmin_pages:view_draft wagtailadmin_pages:add_subpage wagtailadmin_pages:delete
    wagtailadmin_pages:move wagtailadmin_pages:move_confirm wagtailadmin_pages:copy wagtailadmin_pages:set_privacy
    wagtailadmin_pages:workflow_action wagtailadmin_pages:collect_workflow_action_data
    wagtailadmin_pages:confirm_workflow_cancellation wagtailadmin_pages:revisions_index wagtailadmin_pages:revisions_revert
    wagtailadmin_pages:revisions_unschedule
    wagtaildocs:add wagtaildocs:edit wagtaildocs:delete wagtaildocs:add_multiple wagtaildocs_chooser:create
    wagtailimages:add wagtailimages:edit wagtailimages:delete wagtailimages:add_multiple wagtailimages:preview
    wagtailimages_chooser:create wagtailimages_chooser:select_format
    """.split()
)
SENDING = frozenset(
    """
    wagtailadmin_pages:set_page_position wagtailadmin_pages:lock
    wagtailadmin_editing_sessions:ping wagtailadmin_editing_sessions:release
    wagtaildocs:edit_multiple wagtaildocs:delete_multiple wagtailimages:edit_multiple wagtailimages:delete_multiple
    """.split()
)
WRITING_GET, WRITING_POST = READING | BOTH, SENDING | BOTH
#: Open to a trainer in another state of her things than the one in the test (published, locked, an alias, chosen pages, an upload under way).
IN_ANOTHER_STATE = frozenset(
    """
    wagtail_bulk_action wagtailadmin_pages:unpublish wagtailadmin_pages:unlock wagtailadmin_pages:convert_alias wagtailadmin_block_preview
    wagtailadmin_api:pages:find wagtaildocs:create_multiple_from_uploaded_document wagtaildocs:delete_upload_multiple
    wagtailimages:create_multiple_from_uploaded_image wagtailimages:delete_upload_multiple
    """.split()
)
#: What Wagtail's forms need so that it does not fall over an empty one.
SENT = {
    "wagtailadmin_choose_page_external_link": {"external-link-chooser-url": "https://contoh.example/"},
    "wagtailadmin_pages:copy": {"new_title": "Salinan", "new_slug": "salinan", "new_parent_page": "1"},
}
